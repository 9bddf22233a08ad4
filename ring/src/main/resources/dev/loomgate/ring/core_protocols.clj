(ns ring.core.protocols
  "What may be a response's body. Loomgate's own definition, by section 1.5 of Ring's specification: it is used where
  ring-core, which has this namespace, isn't on the class path."
  (:require [clojure.java.io :as io])
  (:import (java.io File InputStream OutputStream)))

(defprotocol StreamableResponseBody
  "A response's body."
  (write-body-to-stream [body response output-stream]
    "Writes the body to the stream, and closes that."))

(defn- charset [response]
  (or (some (fn [[field value]]
              (when (and (string? field) (string? value) (.equalsIgnoreCase "content-type" ^String field))
                (second (re-find #"(?i);\s*charset=\"?([^\s;\"]+)" value))))
            (:headers response))
      "UTF-8"))

(extend-protocol StreamableResponseBody
  nil
  (write-body-to-stream [_ _ output-stream]
    (.close ^OutputStream output-stream))

  String
  (write-body-to-stream [text response output-stream]
    (with-open [out ^OutputStream output-stream]
      (.write out (.getBytes text ^String (charset response)))))

  clojure.lang.ISeq
  (write-body-to-stream [chunks response output-stream]
    (let [^String encoding (charset response)]
      (with-open [out ^OutputStream output-stream]
        (doseq [chunk chunks]
          (.write out (.getBytes (str chunk) encoding))))))

  InputStream
  (write-body-to-stream [in _ output-stream]
    (with-open [in in, out ^OutputStream output-stream]
      (io/copy in out)))

  File
  (write-body-to-stream [file _ output-stream]
    (with-open [out ^OutputStream output-stream]
      (io/copy file out))))

(extend (Class/forName "[B") StreamableResponseBody
  {:write-body-to-stream
   (fn [bytes _ output-stream]
     (with-open [out ^OutputStream output-stream]
       (.write out ^bytes bytes)))})
