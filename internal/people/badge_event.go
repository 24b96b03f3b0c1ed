package people

// Entry types of a badge and its PIN, in the account's stream. No code, PIN or hash is ever part of one.
const (
	TypeBadgeIssued    = "account.badge-issued"
	TypeBadgeWithdrawn = "account.badge-withdrawn"
	TypePINSet         = "account.pin-set"
	TypePINWithdrawn   = "account.pin-withdrawn"
	TypePINFailed      = "account.pin-failed"
	TypePINLocked      = "account.pin-locked"
)

// badgeIssued ends what an earlier badge opened.
type badgeIssued struct {
	Serial   string `json:"serial"`
	Replaces string `json:"replaces,omitempty"`
	ground
}

func (e badgeIssued) apply(a *account) { a.Badge = e.Serial; a.BadgeEpoch++ }

type badgeWithdrawn struct {
	Serial string `json:"serial"`
	ground
}

func (badgeWithdrawn) apply(a *account) { a.Badge = ""; a.BadgeEpoch++ }

// pinSet comes after a right password, so it forgets wrong ones too.
type pinSet struct {
	Session string `json:"session"`
}

func (pinSet) apply(a *account) {
	a.PIN, a.PINLocked, a.PINFailures, a.Failures = true, false, 0, 0
	a.BadgeEpoch++
}

type pinWithdrawn struct{ ground }

func (pinWithdrawn) apply(a *account) { a.noPIN() }

// pinFailed is one wrong PIN, with the badge that was scanned.
type pinFailed struct {
	Badge string `json:"badge"`
}

func (pinFailed) apply(a *account) { a.PINFailures++ }

type pinLocked struct {
	Failures int `json:"failures"`
}

func (pinLocked) apply(a *account) { a.PINLocked = true }

// noPIN ends what a badge opened, until a PIN is chosen anew.
func (a *account) noPIN() {
	a.PIN, a.PINLocked, a.PINFailures = false, false, 0
	a.BadgeEpoch++
}
