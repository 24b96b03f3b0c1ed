package web

import "rexbatch/internal/people"

// accountOut is an account as the API shows it.
type accountOut struct {
	Account    string        `json:"account" example:"ana"`
	Name       string        `json:"name" example:"Ana Belén Carreño Ruiz"`
	Roles      []people.Role `json:"roles"`
	Lang       string        `json:"lang" example:"es"`
	Site       string        `json:"site" example:"ES-SVQ"`
	Hospital   string        `json:"hospital,omitempty" example:"3401" doc:"At which a person who treats works (I12)"`
	MustChange bool          `json:"must_change" doc:"The password is an issued one (CS-35)"`
	Disabled   bool          `json:"disabled"`
	Locked     bool          `json:"locked" doc:"Until an administrator unlocks it (CS-37)"`
	Failures   int           `json:"failures" doc:"Wrong passwords since the last right one"`
	Accepted   bool          `json:"accepted" doc:"The statement of accountability now in force (CS-69)"`
	Badge      string        `json:"badge,omitempty" doc:"Serial of the badge in force"`
	PIN        bool          `json:"pin" doc:"A PIN was chosen"`
	PINLocked  bool          `json:"pin_locked" doc:"Until its person chooses another (CS-37)"`
}

func accountState(p people.Person) accountOut {
	return accountOut{
		Account: p.Account, Name: p.Name, Roles: list(p.Roles), Lang: p.Lang, Site: p.Site, Hospital: p.Hospital, MustChange: p.MustChange,
		Disabled: p.Disabled, Locked: p.Locked, Failures: p.Failures, Accepted: p.Accepted,
		Badge: p.Badge, PIN: p.PIN, PINLocked: p.PINLocked,
	}
}
