(ns shop.core
  "Synchronous handlers, which do what their paths say."
  (:require [clojure.java.io :as io])
  (:import (java.io ByteArrayInputStream File)
           (java.util.concurrent.atomic AtomicInteger)))

(def loads (AtomicInteger.))
(.incrementAndGet ^AtomicInteger loads)

(def closed (atom 0))

(defn- ok [body & {:as headers}]
  {:status 200, :headers (merge {"Content-Type" "text/plain; charset=utf-8"} headers), :body body})

(defn- shown [request]
  (-> request
      (update :headers select-keys ["x-one" "x-two" "cookie" "content-type" "content-length" "host"])
      (update :headers dissoc "host")
      (assoc :body (class (:body request)))
      (dissoc :server-port)
      (->> (into (sorted-map)))))

(defn- counted-stream []
  (proxy [ByteArrayInputStream] [(.getBytes "a stream")]
    (close [] (swap! closed inc))))

(deftype Unknown [])

(defn handler [request]
  (case (or (:path-info request) (:uri request))
    "/" (ok (str "Hello " (name (:request-method request))))
    "/request" (ok (pr-str (shown request)))
    "/types" (ok (pr-str [(class (:server-port request)) (class (:headers request)) (keyword? (:request-method request))
                          (instance? java.io.InputStream (:body request))]))
    "/below" (ok (pr-str (select-keys request [:uri :context :path-info])))
    "/echo" (ok (slurp (:body request)))
    "/text" (ok "é€")
    "/latin" {:status 200, :headers {"content-type" "text/plain; charset=ISO-8859-1"}, :body "é"}
    "/bytes" (ok (.getBytes "some bytes"))
    "/seq" (ok (map #(str % " ") (range 3)))
    "/numbers" (ok (seq [1 2 3]))
    "/stream" (ok (ByteArrayInputStream. (.getBytes "a stream")))
    "/counted" (ok (counted-stream))
    "/closed" (ok (str @closed))
    "/file" (ok (io/file (get-in request [:headers "x-file"])))
    "/no-file" (ok (File. "/none/such"))
    "/nil" {:status 204, :headers {}, :body nil}
    "/no-body" {:status 201, :headers {}}
    "/no-headers" {:status 204}
    "/several" (ok "" "X-Many" ["a" "b"] "X-One" "1")
    "/loads" (ok (str loads))
    "/thread" (ok (str (Thread/currentThread)))
    "/fails" (throw (ex-info "on purpose" {}))
    "/wrong-nil" nil
    "/wrong-text" "text"
    "/wrong-status" {:status "200", :headers {}}
    "/wrong-number" {:status 600, :headers {}}
    "/wrong-headers" {:status 200, :headers [["a" "b"]]}
    "/wrong-name" {:status 200, :headers {:content-type "text/plain"}}
    "/wrong-value" {:status 200, :headers {"X-Number" [1]}}
    "/wrong-body" {:status 200, :headers {}, :body (Unknown.)}
    "/not-a-socket" {:ring.websocket/listener 1}
    {:status 404, :headers {"Content-Type" "text/plain"}, :body (str "no " (:uri request))}))

(def not-a-function 1.5)

(declare never-bound)
