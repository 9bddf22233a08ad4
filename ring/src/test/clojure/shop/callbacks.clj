(ns shop.callbacks
  "Asynchronous handlers.")

(defn handler
  ([request]
   {:status 200, :headers {"Content-Type" "text/plain"}, :body "one argument"})
  ([request respond raise]
   (case (:uri request)
     "/same" (respond {:status 200, :headers {"Content-Type" "text/plain"}, :body "in the same thread"})
     "/other" (do (.start (Thread. #(respond {:status 200, :headers {"Content-Type" "text/plain"}, :body "in another thread"})))
                  {:status 500, :headers {"Content-Type" "text/plain"}, :body "what is returned is ignored"})
     "/twice" (do (respond {:status 200, :headers {"Content-Type" "text/plain"}, :body "the first"})
                  (respond {:status 200, :headers {"Content-Type" "text/plain"}, :body "the second"}))
     "/raise" (.start (Thread. #(raise (ex-info "raised" {}))))
     "/throw" (throw (ex-info "thrown" {}))
     "/nil" (respond nil))))
