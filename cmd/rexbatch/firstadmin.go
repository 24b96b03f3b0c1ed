package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"rexbatch/internal/people"
)

// firstAdministratorFile keeps the one-time passwords of the first administrators from the first start until they
// are changed: whoever missed the console could never sign in otherwise.
const firstAdministratorFile = "first-administrator.json"

type firstAdministrator struct {
	Username string `json:"username"`
	Password string `json:"password"`
}

// keepFirst writes the one-time passwords that are still in use, and removes the others from the file.
func (d *dataDir) keepFirst(ctx context.Context) error {
	path := filepath.Join(d.path, firstAdministratorFile)
	kept := map[string]firstAdministrator{}
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &kept)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, p := range d.plants {
		site := p.Profile.Site
		if first, made := d.first[site]; made {
			kept[site] = first
		}
		used, err := changed(ctx, p.People, kept[site].Username)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if used {
			delete(kept, site)
		}
	}
	if len(kept) == 0 {
		return removeIfThere(path)
	}
	text, err = json.MarshalIndent(kept, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return writePrivate(path, append(text, '\n'), 0o600)
}

// changed tells whether the person has chosen a password of their own.
func changed(ctx context.Context, directory *people.Directory, username string) (bool, error) {
	if username == "" {
		return true, nil
	}
	p, err := directory.Person(ctx, username)
	if err != nil {
		return false, err
	}
	return !p.MustChange, nil
}
