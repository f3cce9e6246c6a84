;; A start function that never returns: the component hangs while it is instantiated.
(func $start (loop $for_ever (br $for_ever)))
(start $start)
