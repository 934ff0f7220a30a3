// Fbsdetect reads radio captures and tells which cells behave like a false base
// station.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/fbsdetect/fbsdetect/cmd/fbsdetect/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first interrupt ends reading and gives the report so far, the second the
	// program.
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
