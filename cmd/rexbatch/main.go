// Command rexbatch keeps the electronic batch record of a cell medicine made from one patient's own bone marrow.
// app.go has the shape of the program; each command has a file of its name.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	app := &App{Stdout: os.Stdout, Stderr: os.Stderr}
	err := app.Parse(os.Args[1:])
	if err == nil {
		err = app.Run(ctx)
	}
	return app.Exit(errors.Join(err, app.Close()))
}
