package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/alecthomas/kong"
)

// The exit statuses of every command.
const (
	exitHolds = 0 // it was done, or what was checked holds
	exitFault = 1 // what was checked does not hold, or it could not be done
	exitUsage = 2 // wrong use
)

// App is the program: Parse, Run, Close, Exit. Tests use it as main does.
type App struct {
	Stdout, Stderr io.Writer
	Clock          func() time.Time // time.Now when nil
	Serving        func(url string) // called when the server accepts connections
	level          slog.Level       // of what is logged
	command        *kong.Context    // nil when there is nothing to run, e.g. after --help
	closers        []func() error   // in order of opening
}

// commands are the commands and their flags.
type commands struct {
	Serve       serveCommand       `cmd:"" help:"Run the server on a data directory."`
	Demo        demoCommand        `cmd:"" help:"Run a server on a new directory and play a batch of each plant."`
	Run         runCommand         `cmd:"" name:"run" help:"Play a scenario against a server, as the people would."`
	Verify      verifyCommand      `cmd:"" help:"Recompute everything in a data directory and name the first fault."`
	Certificate certificateCommand `cmd:"" help:"Check a certificate."`
	Read        readCommand        `cmd:"" help:"Say what is understood of a device file."`
	Record      recordCommand      `cmd:"" help:"Print the executed record of a batch as a PDF."`
	Reindex     reindexCommand     `cmd:"" help:"Rebuild the views of a data directory from its entries."`
	Master      masterCommand      `cmd:"" help:"Check and compare master batch records."`
	Account     accountCommand     `cmd:"" help:"Manage accounts while the server is stopped."`
	Export      exportCommand      `cmd:"" help:"Write custody events or a product for other systems."`
	Import      importCommand      `cmd:"" help:"Take what another instance exported, as evidence; the server must be stopped."`
	ID          idCommand          `cmd:"" name:"id" help:"Check identifiers."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
}

// Parse reads the command line. The error is a usage error.
func (a *App) Parse(args []string) error {
	if a.Clock == nil {
		a.Clock = time.Now
	}
	exited := false
	parser, err := kong.New(&commands{},
		kong.Name("rexbatch"),
		kong.Description("Electronic batch record of a cell medicine made from one patient's own bone marrow.\n\n"+
			"Example: rexbatch demo"),
		kong.Writers(a.Stdout, a.Stderr),
		kong.Exit(func(int) { exited = true }),
		kong.WithHyphenPrefixedParameters(true), // degrees below zero
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err != nil {
		return fmt.Errorf("command line: %w", err)
	}
	command, err := parser.Parse(args)
	if exited { // help was printed; what kong says of the rest of the line does not matter
		return nil
	}
	if err != nil {
		return usage(err.Error(), "rexbatch --help shows the commands")
	}
	a.command = command
	return nil
}

// Run runs the command until it is done or ctx is.
func (a *App) Run(ctx context.Context) error {
	if a.command == nil {
		return nil
	}
	a.command.BindTo(ctx, (*context.Context)(nil))
	return a.command.Run(a)
}

// onClose remembers what has to be closed, whatever becomes of the command.
func (a *App) onClose(do func() error) { a.closers = append(a.closers, do) }

// Close closes what Run opened, last first. A second Close does nothing.
func (a *App) Close() error {
	var errs []error
	for _, do := range slices.Backward(a.closers) {
		errs = append(errs, do())
	}
	a.closers = nil
	return errors.Join(errs...)
}

// usageError is wrong use of the command line: exit status 2.
type usageError struct{ what, next string }

func (e *usageError) Error() string { return e.what }

func usage(what, next string) error { return &usageError{what, next} }

// hintError is a failure together with what to do about it.
type hintError struct {
	err  error
	next string
}

func (e *hintError) Error() string { return e.err.Error() }
func (e *hintError) Unwrap() error { return e.err }

func hint(err error, next string) error { return &hintError{err, next} }

// errFault says that what was checked does not hold. Its one line is on standard output already.
var errFault = errors.New("does not hold")

// Exit tells the outcome on standard error and gives the exit status.
func (a *App) Exit(err error) int {
	var wrong *usageError
	var hinted *hintError
	switch {
	case err == nil:
		return exitHolds
	case errors.Is(err, errFault):
		return exitFault
	case errors.As(err, &wrong):
		a.complain(wrong.what, wrong.next)
		return exitUsage
	case errors.As(err, &hinted):
		a.complain(err.Error(), hinted.next)
		return exitFault
	default:
		a.complain(err.Error(), "")
		return exitFault
	}
}
