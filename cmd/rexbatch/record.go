package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/people"
	"rexbatch/release"
	"rexbatch/release/record"
)

type recordCommand struct {
	Batch string `arg:"" help:"Number of the batch."`
	Data  string `required:"" placeholder:"DIR" help:"Data directory; a server may be running on it."`
	Out   string `placeholder:"FILE" help:"Where the PDF is written; BATCH-record.pdf when not given."`
	Lang  string `placeholder:"LANG" help:"es, de or en, printed with English beside it; that of the plant when not given."`
}

// Help implements kong's HelpProvider.
func (recordCommand) Help() string {
	return "Prints every entry of a batch and of its therapy event: steps, values with their corrections, signatures, exceptions, " +
		"materials, custody. What is sealed from blinded roles stays sealed. Nothing is added to the record.\n\n" +
		"Example: rexbatch record SVQ2600001X --data data --out SVQ2600001X-record.pdf"
}

// Run reads a copy of the log, prints, and says what the file holds.
func (c *recordCommand) Run(ctx context.Context, a *App) error {
	if c.Out == "" {
		c.Out = c.Batch + "-record.pdf"
	}
	found, err := plantsIn(c.Data, func(dir string, profile *release.Plant) (bool, error) {
		source, err := c.load(ctx, a, dir, profile)
		if missing(err) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		return true, c.print(ctx, a, source)
	})
	if err != nil || found {
		return err
	}
	return usage(fmt.Sprintf("there is no batch %s in %s", c.Batch, c.Data), "check the number and the directory")
}

// missing tells whether a plant does not have the batch.
func missing(err error) bool {
	for _, r := range ledger.RefusalsOf(err) {
		if r.Kind == ledger.Missing {
			return true
		}
	}
	return false
}

// load reads the batch from a copy of the plant's log, so that it works beside a running server.
func (c *recordCommand) load(ctx context.Context, a *App, dir string, profile *release.Plant) (source record.Source, err error) {
	err = onCopy(dir, func(log *bolt.Log) error {
		directory, err := people.Open(log, people.Options{Site: profile.Site, Zone: profile.Location})
		if err != nil {
			return err
		}
		source, err = record.Load(ctx, readingBook(ctx, log, profile, a).Batches, profile, c.Batch, func(account string) string {
			p, err := directory.Person(ctx, account)
			if err != nil {
				return account
			}
			return p.Name
		})
		return err
	})
	return source, err
}

func (c *recordCommand) print(ctx context.Context, a *App, source record.Source) error {
	lang := c.Lang
	if lang == "" {
		lang = source.Plant.Language
	}
	err := record.Speaks(lang)
	if err != nil {
		return usage(err.Error(), "choose es, de or en with --lang")
	}
	bar := &bar{out: a.Stderr, width: width(a.Stderr), label: c.Batch}
	pdf, err := record.Print(ctx, source, record.Copy{Lang: lang, Name: "rexbatch record", At: a.Clock()}, bar.show)
	err = errors.Join(err, bar.end())
	if err != nil {
		return err
	}
	err = os.WriteFile(c.Out, pdf, 0o600)
	if err != nil {
		return fmt.Errorf("write record: %w", err)
	}
	return a.printf("%s: record of %s, %d entries, SHA-256 %s\n", c.Out, c.Batch, source.Batch.Version+source.Event.Version, ledger.DigestOf(pdf))
}

// bar shows how far one long work is: on a terminal as a bar, elsewhere as a line at each quarter, so that a log stays
// readable.
type bar struct {
	out   io.Writer
	width int // 0 when nothing moves
	label string
	shown int // percent
	err   error
}

const barCells = 30

func (b *bar) show(done, total int) {
	percent := 100 * done / max(total, 1)
	step := 1
	if b.width == 0 {
		step = 25
	}
	if percent/step == b.shown/step {
		return
	}
	b.shown = percent
	if b.width == 0 {
		b.write(fmt.Sprintf("%s %3d %%  %d/%d\n", b.label, percent, done, total))
		return
	}
	full := barCells * percent / 100
	text := fmt.Sprintf("%s [%s%s] %3d %%  %d/%d", b.label, strings.Repeat("#", full), strings.Repeat(".", barCells-full), percent, done, total)
	b.write("\r\x1b[K" + clip(text, b.width-1))
}

func (b *bar) write(s string) {
	_, err := io.WriteString(b.out, s)
	b.err = errors.Join(b.err, err)
}

// end leaves the cursor on a line of its own.
func (b *bar) end() error {
	if b.width > 0 && b.shown > 0 {
		b.write("\n")
	}
	return b.err
}
