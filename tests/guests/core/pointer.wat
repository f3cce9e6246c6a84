;; Answers with a list that lies outside its memory.
(data (i32.const 1024) "\00\00\00\00\f0\ff\ff\ff\ff\ff\ff\0f")
(func (export "baton:connector/syncer@0.2.0#list-resource-types") (result i32) (i32.const 1024))
