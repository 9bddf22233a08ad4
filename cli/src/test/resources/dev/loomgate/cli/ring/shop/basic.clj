(ns shop.basic
  "What uWSGI's plugin can do, too.")

(defn- shown [request]
  (pr-str (into (sorted-map)
                (-> (select-keys request [:uri :query-string :request-method :scheme :remote-addr :content-type
                                          :content-length])
                    ((fn [request] (if (= 0 (:content-length request)) (dissoc request :content-length) request)))
                    (assoc :headers (into (sorted-map) (select-keys (:headers request) ["x-one" "content-type"])))))))

(defn handler [request]
  (let [answer (fn [status body] {:status status, :headers {"Content-Type" "text/plain"}, :body body})]
    (case (:uri request)
      "/" (answer 200 "Hello")
      ;; uWSGI resets a connection that it closes with a body unread, and its client may lose the answer.
      "/request" (do (when (= :post (:request-method request)) (slurp (:body request)))
                     (answer 200 (shown request)))
      "/echo" (answer 200 (slurp (:body request)))
      "/seq" (answer 200 (list "a " "b " 3))
      "/file" (answer 200 (java.io.File. ^String (get-in request [:headers "x-file"])))
      "/stream" (answer 200 (java.io.ByteArrayInputStream. (byte-array 100000)))
      "/bytes" (answer 200 (.getBytes "some bytes"))
      "/nil" (answer 201 nil)
      "/many" {:status 200, :headers {"X-Many" ["a" "b"]}, :body ""}
      "/wrong" "no map"
      "/fails" (throw (ex-info "on purpose" {}))
      (answer 404 "nothing"))))
