;; Hangs when it is asked who it is, which a host does before there is any config.
(func (export "baton:connector/syncer@0.2.0#metadata") (result i32)
  (loop $for_ever (br $for_ever))
  unreachable)
