package main

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/vault"
)

// A vault that was made with a passphrase is opened with it alone.
func TestVaultByPassphrase(t *testing.T) {
	ctx, dir := context.Background(), filepath.Join(t.TempDir(), "data")
	open := func(key vaultKey, typed string) error {
		d, err := openDataDir(ctx, dir, time.Now)
		require.NoError(t, err)
		defer func() { require.NoError(t, d.Close()) }()
		return d.openVaults(ctx, key, func() (string, error) { return typed, nil })
	}
	require.NoError(t, open(vaultKey{VaultPassphrase: true}, "seven dry horses sing"))
	require.NoFileExists(t, filepath.Join(dir, keysDir, vaultKeyFile))
	require.ErrorIs(t, open(vaultKey{VaultPassphrase: true}, "seven dry horses sang"), vault.ErrWrongMaster)
	var wrong *usageError
	require.True(t, errors.As(open(vaultKey{}, ""), &wrong))
	require.Contains(t, wrong.what, "opened by a passphrase")
	t.Setenv(passphraseVariable, "seven dry horses sing")
	require.NoError(t, open(vaultKey{}, ""))
}
