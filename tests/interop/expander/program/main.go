// Command expander lets the SDK expand the grants of a file: for measuring how long that takes.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"baton-planetscale/interop/expander"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "the name of a .c1z file is wanted")
		os.Exit(2)
	}
	if err := expander.Expand(context.Background(), os.Args[1], filepath.Dir(os.Args[1])); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
