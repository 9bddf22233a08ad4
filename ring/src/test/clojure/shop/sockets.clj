(ns shop.sockets
  "WebSocket listeners."
  (:require [ring.websocket.protocols :as ws])
  (:import (java.nio ByteBuffer)))

(def events (atom []))

(defn- note [& event]
  (swap! events conj (vec event)))

(defn- text-of [^ByteBuffer data]
  (let [bytes (byte-array (.remaining data))]
    (.get (.duplicate data) bytes)
    (String. bytes)))

(defn- buffer [^String text]
  (ByteBuffer/wrap (.getBytes text)))

(defn- command [socket ^String message]
  (case message
    "open?" (ws/-send socket (str (boolean (ws/-open? socket))))
    "builder" (ws/-send socket (StringBuilder. "a CharSequence"))
    "ping" (ws/-ping socket (buffer "from the server"))
    "pong" (ws/-pong socket (buffer "unasked"))
    "async" (do (ws/-send-async socket "first" #(note :sent "first") #(note :not-sent %))
                (ws/-send-async socket (buffer "second") #(ws/-send socket "succeeded") #(note :not-sent %)))
    "async-wrong" (ws/-send-async socket 1 #(note :sent 1) (fn [e] (ws/-send socket (ex-message e))))
    "close" (ws/-close socket 4001 "enough")
    "throw" (throw (ex-info "on purpose" {}))
    (ws/-send socket (str "echo " message))))

(deftype Plain []
  ws/Listener
  (on-open [_ socket] (note :open) (ws/-send socket "welcome"))
  (on-message [_ socket message]
    (if (instance? CharSequence message)
      (command socket message)
      (ws/-send socket (buffer (str "binary " (text-of message))))))
  (on-pong [_ socket data] (note :pong (text-of data)) (ws/-send socket (str "pong " (text-of data))))
  (on-error [_ socket e] (note :error (ex-message e)))
  (on-close [_ socket code reason] (note :close code reason (boolean (ws/-open? socket)))))

(deftype Pinged []
  ws/Listener
  (on-open [_ _])
  (on-message [_ _ _])
  (on-pong [_ _ _])
  (on-error [_ _ _])
  (on-close [_ _ _ _])
  ws/PingListener
  (on-ping [_ socket data] (ws/-pong socket (buffer (str "to " (text-of data))))))

(deftype FailsAtOnce []
  ws/Listener
  (on-open [_ _] (throw (ex-info "at once" {})))
  (on-message [_ _ _])
  (on-pong [_ _ _])
  (on-error [_ _ e] (note :error (ex-message e)))
  (on-close [_ _ code _] (note :close code)))

(defn- response [request]
  (case (or (:path-info request) (:uri request))
    "/plain" {:ring.websocket/listener (->Plain)}
    "/pinged" {:ring.websocket/listener (->Pinged)}
    "/fails" {:ring.websocket/listener (->FailsAtOnce)}
    "/protocol" {:ring.websocket/listener (->Plain), :ring.websocket/protocol "chat"}
    "/events" (let [[all _] (reset-vals! events [])]
                {:status 200, :headers {"Content-Type" "text/plain"}, :body (pr-str all)})))

(defn handler
  ([request] (response request))
  ([request respond _] (respond (response request))))
