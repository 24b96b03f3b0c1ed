package pages

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"

	"rexbatch/batch/master"
	"rexbatch/internal/ledger"
)

// masterDraft is POST /masters: a new version is drafted from a file (CS-13).
func (v *visit) masterDraft() error {
	author, err := v.desk.Acting(v.FormValue("role"), anyRole)
	if err != nil {
		return v.mastersPage(status(err), v.problems(err, nil)...)
	}
	file, err := v.upload()
	if err != nil {
		return v.mastersPage(status(err), v.problems(err, nil)...)
	}
	id, faults, err := v.plant().Batches.Masters().Start(v.ctx(), author, file, v.FormValue("change"), v.FormValue("note"))
	if err != nil {
		return v.mastersPage(status(err), v.problems(err, nil)...)
	}
	return v.to(masterLink(id) + "?done=" + drafted(faults))
}

// masterRevise is POST /masters/:recipe/:version/revise.
func (v *visit) masterRevise() error {
	done := ""
	return v.onMaster(func() string { return done }, func(k *master.Book, by ledger.Author, id master.ID, seen master.Seen) error {
		file, err := v.upload()
		if err != nil {
			return err
		}
		faults, err := k.Revise(v.ctx(), by, id, seen, file, v.FormValue("note"))
		done = drafted(faults)
		return err
	})
}

// upload is the recipe file of the form.
func (v *visit) upload() ([]byte, error) {
	content, _, err := v.uploaded("file", master.MaxFile)
	if content == nil && err == nil {
		err = ledger.Refuse(ledger.Invalid, "DI-8", "master-size", "a master batch record file has 1 to {most} bytes, this one has {size}", "choose the right file", "most", strconv.Itoa(master.MaxFile), "size", "0")
	}
	return content, err
}

// uploaded is a file of the form with its name; nil where none was chosen. One byte more than is allowed is read, so that
// what is too large is refused as such.
func (v *visit) uploaded(name string, most int64) ([]byte, string, error) {
	header, err := v.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("read the form: %w", err)
	}
	file, err := header.Open()
	if err != nil {
		return nil, "", fmt.Errorf("open %s: %w", header.Filename, err)
	}
	content, err := io.ReadAll(io.LimitReader(file, most+1))
	return content, header.Filename, errors.Join(err, closed(file))
}

func closed(f multipart.File) error {
	err := f.Close()
	if err != nil {
		return fmt.Errorf("close an upload: %w", err)
	}
	return nil
}
