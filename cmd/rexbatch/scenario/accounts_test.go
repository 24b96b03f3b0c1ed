package scenario

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAccountsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "a.json")
	a := NewAccounts(path, "http://127.0.0.1:8080")
	require.NoError(t, a.Set("ES-SVQ", "admin", "secret"))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	b, err := LoadAccounts(path)
	require.NoError(t, err)
	require.Equal(t, "http://127.0.0.1:8080", b.Server)
	p, ok := b.Password("ES-SVQ", "admin")
	require.True(t, ok)
	require.Equal(t, "secret", p)
	_, ok = b.Password("DE-FRA", "admin")
	require.False(t, ok)
}

// What is kept behind a link stays there: a demonstration keeps its accounts in its own data directory.
func TestAccountsBehindALink(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real.json"), filepath.Join(dir, "link.json")
	require.NoError(t, os.WriteFile(real, []byte("{}"), 0o600))
	require.NoError(t, os.Symlink(real, link))
	a, err := LoadAccounts(link)
	require.NoError(t, err)
	require.NoError(t, a.Set("ES-SVQ", "ana", "secret"))
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeSymlink)
	b, err := LoadAccounts(real)
	require.NoError(t, err)
	p, _ := b.Password("ES-SVQ", "ana")
	require.Equal(t, "secret", p)
}

func TestAccountsThatOthersCanRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	require.NoError(t, os.WriteFile(path, []byte("{}"), 0o644))
	_, err := LoadAccounts(path)
	require.ErrorContains(t, err, "can be read by others")
}
