package pages_test

import (
	"errors"
	"os/exec"
	"syscall"
)

// groupOfItsOwn lets all that a program starts be ended with it.
var groupOfItsOwn = &syscall.SysProcAttr{Setpgid: true}

func endGroup(c *exec.Cmd) error {
	err := syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
	var ended *exec.ExitError
	wait := c.Wait()
	if errors.As(wait, &ended) {
		wait = nil
	}
	return errors.Join(err, wait)
}
