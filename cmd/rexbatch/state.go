package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"rexbatch/cmd/rexbatch/scenario"
)

// demoAccountsFile is where a demonstration keeps everybody's password, in its own data directory.
const demoAccountsFile = "demo-accounts.json"

// stateFile is where the accounts of a server are kept for the person who works on this machine, so that `run`
// needs no flag for the server that `serve` or `demo` has started here.
func stateFile(server string) (string, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", usage(fmt.Sprintf("%q is no address of a server", server), "write it as http://HOST:PORT")
	}
	dir := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) { // XDG base directory specification: a relative path is to be ignored
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("state directory: %w", err)
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "rexbatch", fileName(u)+".json"), nil
}

var unsafe = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

// fileName is host_port. This machine has several names; its servers have one file all the same.
func fileName(u *url.URL) string {
	host, port := u.Hostname(), u.Port()
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		host = "localhost"
	}
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return unsafe.ReplaceAllString(strings.ToLower(host), "-") + "_" + port
}

// rememberFirst writes the one-time passwords of a first start to the state file of the server's address. What
// the file says of an earlier server at the address is no longer true. A demonstration keeps its accounts in its data
// directory; the state file then leads there.
func (a *App) rememberFirst(s *server) error {
	demo, err := filepath.Abs(filepath.Join(s.data.path, demoAccountsFile))
	if err != nil {
		return err
	}
	_, err = os.Stat(demo)
	isDemo := err == nil
	if len(s.data.first) == 0 && !isDemo {
		return nil
	}
	path, err := stateFile(s.url)
	if err != nil {
		return err
	}
	err = errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), removeIfThere(path))
	if err != nil {
		return fmt.Errorf("remember the accounts of %s: %w", s.url, err)
	}
	accounts := scenario.NewAccounts(path, s.url)
	if isDemo {
		err = os.Symlink(demo, path)
		if err != nil {
			return fmt.Errorf("remember the accounts of %s: %w", s.url, err)
		}
		accounts, err = scenario.LoadAccounts(path)
		if err != nil {
			return err
		}
		accounts.Server = s.url
	}
	for site, first := range s.data.first {
		err = accounts.Set(site, first.Username, first.Password)
		if err != nil {
			return err
		}
	}
	return nil
}

// accountsOf loads the accounts of a server: from the file that was named, or from the state file.
func accountsOf(server, named string) (*scenario.Accounts, error) {
	path := named
	if path == "" {
		var err error
		path, err = stateFile(server)
		if err != nil {
			return nil, err
		}
	}
	accounts, err := scenario.LoadAccounts(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage(fmt.Sprintf("no accounts of %s are known: there is no %s", server, path),
			"name a file with --accounts: {\"server\": \"URL\", \"sites\": {\"SITE\": {\"admin\": \"PASSWORD\"}}}, mode 0600")
	}
	if err != nil {
		return nil, usage(err.Error(), "make the file readable by its owner only (chmod 600), with server and sites in it")
	}
	return accounts, nil
}
