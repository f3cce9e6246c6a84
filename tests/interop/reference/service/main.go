// Command service is the reference connector as a program. Its service mode is how C1 expects a connector to
// behave, and so what ours is compared with.
package main

import (
	"context"

	"baton-planetscale/interop/reference"
)

func main() { reference.Program(context.Background()) }
