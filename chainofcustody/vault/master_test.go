package vault_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/vault"
)

func TestMasterFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault.key")
	_, err := vault.MasterFile(path)
	require.ErrorIs(t, err, vault.ErrNoMaster)
	made, err := vault.NewMasterFile(path)
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	read, err := vault.MasterFile(path)
	require.NoError(t, err)
	require.Equal(t, made, read)
	_, err = vault.NewMasterFile(path)
	require.ErrorIs(t, err, os.ErrExist, "a key is never replaced")
	require.NoError(t, os.Chmod(path, 0o640))
	_, err = vault.MasterFile(path)
	require.ErrorContains(t, err, "0640")
	require.NoError(t, os.WriteFile(path, []byte("no key"), 0o600))
	require.NoError(t, os.Chmod(path, 0o600))
	_, err = vault.MasterFile(path)
	require.ErrorContains(t, err, "64 hexadecimal digits")
	require.NotContains(t, made.String(), "0")
}

func TestMasterPassphrase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "passphrase")
	_, err := vault.MasterPassphrase("too short", file)
	require.ErrorContains(t, err, "shorter than 16")
	require.NoFileExists(t, file)
	one, err := vault.MasterPassphrase("seven dry horses sing", file)
	require.NoError(t, err)
	again, err := vault.MasterPassphrase("seven dry horses sing", file)
	require.NoError(t, err)
	require.Equal(t, one, again)
	other, err := vault.MasterPassphrase("seven dry horses sang", file)
	require.NoError(t, err)
	require.NotEqual(t, one, other)
	require.NoError(t, os.WriteFile(file, []byte(`{"salt":"AAAA"}`), 0o600))
	_, err = vault.MasterPassphrase("seven dry horses sing", file)
	require.ErrorContains(t, err, "cost")
}

func TestWrongMasterIsRefusedAtTheStart(t *testing.T) {
	p := newPlant(t)
	require.NoError(t, p.vault.Enrol(bg, p.as("coord"), "3401-007", maria))
	other, err := vault.NewMasterFile(filepath.Join(t.TempDir(), "other.key"))
	require.NoError(t, err)
	opt := vault.Options{Site: "ES-SVQ", Dir: filepath.Join(p.dir, "vault"), Log: p.log, Staff: p.staff, Master: other}
	_, err = vault.Open(bg, opt)
	require.ErrorIs(t, err, vault.ErrWrongMaster)
	opt.Master = p.master
	opt.Site = "DE-FRA"
	_, err = vault.Open(bg, opt)
	require.ErrorIs(t, err, vault.ErrWrongMaster, "each plant has its own keys")
	opt.Site = "ES-SVQ"
	require.NoError(t, os.Remove(filepath.Join(p.dir, "vault", "check")))
	_, err = vault.Open(bg, opt)
	require.ErrorContains(t, err, "restore the whole folder")
	opt.Master = vault.Master{}
	_, err = vault.Open(bg, opt)
	require.ErrorIs(t, err, vault.ErrNoMaster)
}
