;; Grows a table without end.
(table $table 1 funcref)
(func (export "baton:connector/syncer@0.2.0#list-resource-types") (result i32)
  (loop $more
    (br_if $more (i32.ne (table.grow $table (ref.null func) (i32.const 10000)) (i32.const -1))))
  unreachable)
