package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"rexbatch/chainofcustody/vault"
)

// vaultKey says where the master key of the patient vault comes from.
type vaultKey struct {
	VaultKey        string `placeholder:"FILE" help:"Master key of the patient vault; DATA/keys/vault.key if not given. Made when there are no patients yet."`
	VaultPassphrase bool   `help:"Ask for the passphrase of the patient vault instead of reading a key file. REXBATCH_VAULT_PASSPHRASE gives it without asking."`
}

const (
	vaultDir           = "vault"
	vaultKeyFile       = "vault.key"
	passphraseFile     = "passphrase" // salt and cost, no secret
	passphraseVariable = "REXBATCH_VAULT_PASSPHRASE"
)

// openVaults opens the patient vault of every plant. Only a server needs them: who checks or repairs a record does not
// learn who the patients are.
func (d *dataDir) openVaults(ctx context.Context, key vaultKey, ask func() (string, error)) error {
	master, err := d.master(key, ask)
	if err != nil {
		return err
	}
	for _, p := range d.plants {
		v, err := vault.Open(ctx, vault.Options{
			Site: p.Profile.Site, Dir: filepath.Join(d.path, vaultDir, p.Profile.Site), Log: p.Log, Staff: p.People, Master: master, Treated: p.Batches.Treated, Clock: p.Batches.Clock,
		})
		if errors.Is(err, vault.ErrWrongMaster) {
			return hint(fmt.Errorf("plant %s: %w", p.Profile.Site, err), "give the key file or the passphrase of this data directory (--vault-key, --vault-passphrase)")
		}
		if err != nil {
			return fmt.Errorf("plant %s: %w", p.Profile.Site, err)
		}
		p.Custody.Vault = v
	}
	return nil
}

// master finds the master key, or makes it when there is no vault yet.
func (d *dataDir) master(key vaultKey, ask func() (string, error)) (vault.Master, error) {
	dir := filepath.Join(d.path, vaultDir)
	err := os.MkdirAll(dir, 0o700)
	if err != nil {
		return vault.Master{}, fmt.Errorf("patient vault: %w", err)
	}
	_, err = os.Stat(filepath.Join(dir, passphraseFile))
	byPassphrase := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return vault.Master{}, fmt.Errorf("patient vault: %w", err)
	}
	made, err := filepath.Glob(filepath.Join(dir, "*", "check"))
	if err != nil {
		return vault.Master{}, fmt.Errorf("patient vault: %w", err)
	}
	given := os.Getenv(passphraseVariable)
	if given != "" || key.VaultPassphrase {
		if len(made) > 0 && !byPassphrase {
			return vault.Master{}, usage("the patient vault of "+d.path+" is opened by a key file, not by a passphrase", "leave --vault-passphrase and "+passphraseVariable+" away")
		}
		if given == "" {
			given, err = ask()
			if err != nil {
				return vault.Master{}, err
			}
		}
		return vault.MasterPassphrase(given, filepath.Join(dir, passphraseFile))
	}
	if byPassphrase {
		return vault.Master{}, usage("the patient vault of "+d.path+" is opened by a passphrase", "give it with --vault-passphrase, or in "+passphraseVariable)
	}
	path := key.VaultKey
	if path == "" {
		path = filepath.Join(d.path, keysDir, vaultKeyFile)
	}
	m, err := vault.MasterFile(path)
	switch {
	case !errors.Is(err, vault.ErrNoMaster):
		return m, err
	case len(made) > 0:
		return m, hint(err, "put it back from its backup; without it nobody can read who the patients are, the record itself is not touched")
	}
	return vault.NewMasterFile(path)
}

// askPassphrase asks at the terminal without showing what is typed.
func (a *App) askPassphrase() (string, error) {
	stdin := int(os.Stdin.Fd())
	if !term.IsTerminal(stdin) {
		return "", usage("there is no terminal at which to ask for the passphrase of the patient vault", "give it in "+passphraseVariable)
	}
	err := a.printf("passphrase of the patient vault: ")
	if err != nil {
		return "", err
	}
	text, err := term.ReadPassword(stdin)
	if err != nil {
		return "", fmt.Errorf("passphrase: %w", err)
	}
	return string(text), a.printf("\n")
}
