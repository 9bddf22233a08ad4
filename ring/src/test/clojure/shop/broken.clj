(ns shop.broken)

(defn handler [request]
  (no-such-function request))
