package people

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"rexbatch/internal/ledger"
)

// Options configure a Directory. The zero value of each field but Site and Zone is usable.
type Options struct {
	Site      string             // e.g. "ES-SVQ"; needed
	Zone      *time.Location     // the site's IANA zone, named in signatures (CS-48); needed
	Clock     func() time.Time   // the log's clock; time.Now when nil
	Rand      io.Reader          // crypto/rand when nil
	Printable func(string) error // says why a name cannot be printed on paper; nil accepts what Unicode calls printable
	Cost      Cost               // of a password hash; DefaultCost when zero
	Hashers   int                // hashes computed at one time; the number of cores when zero

	Idle          time.Duration // a session without activity ends (CS-38); 15 minutes when zero
	Absolute      time.Duration // a session ends however active it is; 12 hours when zero
	BadgeAbsolute time.Duration // the same for one that a badge opened, if that is less; 8 hours when zero
	OneTimeFor    time.Duration // an issued password that nobody used is void; 72 hours when zero
	Failures      int           // wrong passwords in a row that lock an account, and wrong PINs that lock the PIN (CS-37); 5 when zero
	Statement     string        // of accountability, to be accepted before the first signature (CS-69); none when empty
}

// Directory is the accounts of one site. It is safe for concurrent use and keeps no state but its options:
// everything is in the log, so copies of it on one log agree.
type Directory struct {
	log    ledger.Log
	opt    Options
	pool   *pool
	digest string // of the statement, "" when there is none
	randMu sync.Mutex
}

// Open makes the directory of the site whose log this is. An option that cannot work is an error that names it.
func Open(log ledger.Log, opt Options) (*Directory, error) {
	if log == nil {
		return nil, errors.New("people: no log")
	}
	if opt.Site == "" {
		return nil, errors.New("people: Options.Site is empty")
	}
	if opt.Zone == nil || opt.Zone.String() == "Local" {
		return nil, errors.New("people: Options.Zone must be a named IANA zone, e.g. Europe/Madrid")
	}
	opt = opt.withDefaults()
	err := opt.Cost.check()
	if err != nil {
		return nil, fmt.Errorf("people: Options.Cost: %w", err)
	}
	for name, n := range map[string]int64{
		"Idle": int64(opt.Idle), "Absolute": int64(opt.Absolute), "BadgeAbsolute": int64(opt.BadgeAbsolute), "OneTimeFor": int64(opt.OneTimeFor),
		"Failures": int64(opt.Failures), "Hashers": int64(opt.Hashers),
	} {
		if n < 0 {
			return nil, fmt.Errorf("people: Options.%s is negative", name)
		}
	}
	d := &Directory{log: log, opt: opt, pool: newPool(opt.Hashers)}
	if opt.Statement != "" {
		d.digest = ledger.DigestOf([]byte(opt.Statement)).String()
	}
	return d, nil
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Printable == nil {
		o.Printable = func(string) error { return nil }
	}
	if o.Cost == (Cost{}) {
		o.Cost = DefaultCost
	}
	if o.Hashers == 0 {
		o.Hashers = runtime.GOMAXPROCS(0)
	}
	if o.Idle == 0 {
		o.Idle = 15 * time.Minute
	}
	if o.Absolute == 0 {
		o.Absolute = 12 * time.Hour
	}
	if o.BadgeAbsolute == 0 {
		o.BadgeAbsolute = 8 * time.Hour
	}
	if o.OneTimeFor == 0 {
		o.OneTimeFor = 72 * time.Hour
	}
	if o.Failures == 0 {
		o.Failures = 5
	}
	return o
}

// Site is the site whose accounts these are.
func (d *Directory) Site() string { return d.opt.Site }

// Person returns the account with that username; a Refusal of kind Missing when there is none.
func (d *Directory) Person(ctx context.Context, username string) (Person, error) {
	a, err := d.existing(ctx, username)
	if err != nil {
		return Person{}, err
	}
	return d.person(a), nil
}

// People returns every account, disabled ones too, in order of username (CS-41).
func (d *Directory) People(ctx context.Context) ([]Person, error) {
	var people []Person
	for doc, err := range d.log.Views(ctx, accountPrefix) {
		if err != nil {
			return nil, fmt.Errorf("list accounts: %w", err)
		}
		var a account
		err = json.Unmarshal(doc.Data, &a)
		if err != nil {
			return nil, fmt.Errorf("read account view %s: %w", doc.Key, err)
		}
		people = append(people, d.person(a))
	}
	return people, nil
}

func (d *Directory) person(a account) Person { return a.person(d.opt.Site, d.digest) }

// load folds the account: from its view, which was written with the entries up to its version, and whatever has
// been appended since. A stream that grows with every sign-in is so not read whole at each request.
func (d *Directory) load(ctx context.Context, username string) (account, error) {
	var a account
	if checkUsername(username) != nil {
		return a, nil // nobody has such a name; and it may not be a stream's name either
	}
	doc, err := d.log.View(ctx, streamOf(username))
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return a, fmt.Errorf("read account %s: %w", username, err)
	}
	if err == nil {
		err = json.Unmarshal(doc, &a)
		if err != nil {
			return account{}, fmt.Errorf("read account view %s: %w", username, err)
		}
	}
	err = a.foldEntries(d.log.Stream(ctx, streamOf(username), a.Version))
	return a, err
}

func (d *Directory) existing(ctx context.Context, username string) (account, error) {
	username = fold(username)
	a, err := d.load(ctx, username)
	if err != nil {
		return a, err
	}
	if !a.exists() {
		return a, ledger.Refuse(ledger.Missing, "CS-74", "account-unknown",
			"There is no account {username}.", "Check the username.", "username", printed(username))
	}
	return a, nil
}

// addition is the Append that adds drafts to a's stream, with the view that results.
func (d *Directory) addition(a account, by ledger.Author, secrets map[string][]byte, drafts ...ledger.Draft) (ledger.Append, error) {
	next := a
	for _, draft := range drafts {
		raw, err := json.Marshal(draft.Data)
		if err != nil {
			return ledger.Append{}, fmt.Errorf("encode %s: %w", draft.Type, err)
		}
		err = next.apply(draft.Type, raw)
		if err != nil {
			return ledger.Append{}, err
		}
	}
	view, err := next.document()
	if err != nil {
		return ledger.Append{}, err
	}
	stream := streamOf(next.Username)
	return ledger.Append{
		Author:  by,
		Streams: []ledger.StreamAppend{{Stream: stream, Expected: a.Version, Drafts: drafts}},
		Views:   map[string][]byte{stream: view},
		Secrets: secrets,
	}, nil
}

// System is the author of acts that no signed-in person makes: the first administrator, and the command line of
// the server, whose user is the operating system's to authenticate.
func System(terminal string) ledger.Author {
	return ledger.Author{Account: systemAccount, Role: SystemRole, Terminal: terminal}
}

func holder(username, terminal string) ledger.Author {
	return ledger.Author{Account: username, Role: HolderRole, Terminal: terminal}
}

// now is the directory's one clock, in the resolution of the ledger.
func (d *Directory) now() time.Time { return d.opt.Clock().UTC().Truncate(time.Microsecond) }

func (d *Directory) random(n int) ([]byte, error) {
	d.randMu.Lock() // an injected source need not be safe for concurrent use
	defer d.randMu.Unlock()
	b := make([]byte, n)
	_, err := io.ReadFull(d.opt.Rand, b)
	if err != nil {
		return nil, fmt.Errorf("read random bytes: %w", err)
	}
	return b, nil
}
