(ns ring.websocket.protocols
  "WebSockets. Loomgate's own definition, by section 3 of Ring's specification: it is used where
  ring-websocket-protocols, which has this namespace, isn't on the class path.")

(defprotocol Listener
  "Is told what happens to a WebSocket, by one thread."
  (on-open [listener socket] "It has been opened.")
  (on-message [listener socket message] "The client has sent a CharSequence or a ByteBuffer.")
  (on-pong [listener socket data] "The client has sent a pong with these bytes, a ByteBuffer.")
  (on-error [listener socket throwable] "Something has failed.")
  (on-close [listener socket code reason] "It has been closed, for this code and reason."))

(defprotocol PingListener
  "A listener that answers pings itself."
  (on-ping [listener socket data] "The client has sent a ping with these bytes, a ByteBuffer."))

(defprotocol Socket
  "A WebSocket. Any thread may use it."
  (-open? [socket] "Whether it is open.")
  (-send [socket message] "Sends a CharSequence or a ByteBuffer; waits while the client is slow.")
  (-ping [socket data] "Sends a ping with the bytes of a ByteBuffer.")
  (-pong [socket data] "Sends a pong with the bytes of a ByteBuffer.")
  (-close [socket code reason] "Closes it."))

(defprotocol AsyncSocket
  "A WebSocket that sends without a wait."
  (-send-async [socket message succeed fail]
    "Sends a CharSequence or a ByteBuffer, then calls succeed, or fail with a Throwable."))
