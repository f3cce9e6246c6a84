;; Begins with more memory than an instance may have: 1 GiB.
(memory (export "memory") 16384)
