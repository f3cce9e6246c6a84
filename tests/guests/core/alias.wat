;; Answers with two hundred resource types whose names are one and the same text of 60 MiB: 12 GiB, if a host copies
;; each.
(memory (export "memory") 1000)
(func (export "baton:connector/syncer@0.2.0#list-resource-types") (result i32)
  (local $at i32)
  (local.set $at (i32.const 2048))
  (loop $next
    ;; The id's and the display name's address and length.
    (i32.store offset=0 (local.get $at) (i32.const 65536))
    (i32.store offset=4 (local.get $at) (i32.const 3))
    (i32.store offset=8 (local.get $at) (i32.const 65536))
    (i32.store offset=12 (local.get $at) (i32.const 62914560))
    (local.set $at (i32.add (local.get $at) (i32.const 48)))
    (br_if $next (i32.lt_u (local.get $at) (i32.const 11648))))
  (i32.store offset=4 (i32.const 1024) (i32.const 2048))
  (i32.store offset=8 (i32.const 1024) (i32.const 200))
  (i32.const 1024))
