(ns shop.extended
  "A body of a type of its own, and one that Ring has already."
  (:require [ring.core.protocols :as protocols]))

(defrecord Page [title])

(extend-protocol protocols/StreamableResponseBody
  Page
  (write-body-to-stream [page response output-stream]
    (with-open [out output-stream]
      (.write out (.getBytes (str (:title page) " with " (:status response))))))

  String
  (write-body-to-stream [text _ output-stream]
    (with-open [out output-stream]
      (.write out (.getBytes (str "extended " text))))))

(defn handler [request]
  {:status 200, :headers {"Content-Type" "text/plain"}, :body (case (:uri request)
           "/page" (->Page "a page")
           "/added" (map str ["added in " (:added (meta #'protocols/StreamableResponseBody) "none")])
           "text")})
