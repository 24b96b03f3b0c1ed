package ledger

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Carried is an entry of another plant's log, as it stands there. It rides as the data of an entry of this log, whose author
// brought it; what was done, by whom and when, is what the carried one says.
type Carried struct {
	Log    string          `json:"log"`  // origin of the log it stands in
	Seq    uint64          `json:"seq"`  // its position there
	Leaf   Digest          `json:"leaf"` // its leaf hash there
	Time   time.Time       `json:"time"`
	Author Author          `json:"author"`
	Type   string          `json:"type"`
	Data   json.RawMessage `json:"data"`
}

// Carry are the drafts of type as by which entries of the log with that origin come to stand here. Each takes and frees the same
// claims here as it did there.
func Carry(as, origin string, entries []Entry) []Draft {
	out := make([]Draft, 0, len(entries)+1)
	for _, e := range entries {
		out = append(out, Draft{
			Type: as, Takes: e.Takes, Frees: e.Frees, Blobs: e.Blobs,
			Data: Carried{Log: origin, Seq: e.Seq, Leaf: e.Leaf, Time: e.Time, Author: e.Author, Type: e.Type, Data: e.Data},
		})
	}
	return out
}

// Told is what an entry of type as tells: the entry that it carries, with the position that it has there, the version that it has
// here, and the account of its author led by the site, since accounts are those of one plant.
func (e Entry) Told() (Entry, error) {
	var c Carried
	err := json.Unmarshal(e.Data, &c)
	if err != nil {
		return Entry{}, fmt.Errorf("carried entry: %w", err)
	}
	site := SiteOf(c.Log)
	if site == "" || c.Type == "" || c.Type == e.Type {
		return Entry{}, fmt.Errorf("entry %d carries nothing that can be told", e.Seq)
	}
	told := e
	told.Origin, told.Seq, told.Leaf, told.Time, told.Type, told.Data = site, c.Seq, c.Leaf, c.Time, c.Type, c.Data
	told.Author = c.Author
	told.Author.Account = Elsewhere(site, c.Author.Account)
	return told, nil
}

// Names turns an account that the data of an entry name into one of the plant where the entry was made: one of another plant is never
// taken for one here. Authors are named by Told.
func (e Entry) Names(account *string) {
	if e.Origin != "" && *account != "" {
		*account = Elsewhere(e.Origin, *account)
	}
}

// Elsewhere names an account of another plant: "ES-SVQ/anna".
func Elsewhere(site, account string) string { return site + "/" + account }

// SiteOf is the site in the origin of a log, "rexbatch/ES-SVQ/3f9a…"; empty for what is no origin.
func SiteOf(origin string) string {
	parts := strings.Split(origin, "/")
	if len(parts) != 3 || parts[0] != "rexbatch" {
		return ""
	}
	return parts[1]
}
