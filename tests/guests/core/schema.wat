;; Hangs when it is asked for the fields of its config.
(func (export "baton:connector/syncer@0.2.0#config-schema") (result i32)
  (loop $for_ever (br $for_ever))
  unreachable)
