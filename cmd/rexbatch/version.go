package main

import "runtime"

// version is set by the linker (make build); a build without it says so.
var version = "unversioned"

type versionCommand struct{}

// Help implements kong's HelpProvider.
func (versionCommand) Help() string { return "Example: rexbatch version" }

// Run prints program, version and platform.
func (versionCommand) Run(a *App) error {
	return a.printf("rexbatch %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
