(ns shop.live
  "What uWSGI's plugin can't do."
  (:require [ring.websocket.protocols :as ws]))

(deftype Echo []
  ws/Listener
  (on-open [_ socket] (ws/-send socket "welcome"))
  (on-message [_ socket message] (ws/-send socket (str "echo " message)))
  (on-pong [_ _ _])
  (on-error [_ _ _])
  (on-close [_ _ _ _]))

(defn handler
  ([_] {:status 200, :headers {}, :body "one argument"})
  ([request respond _]
   (if (= (:path-info request) "/socket")
     (respond {:ring.websocket/listener (->Echo)})
     (.start (Thread. #(respond {:status 200, :headers {}, :body (str "below " (:context request))}))))))
