package people

// Hashes says how many password hashes this directory has computed.
func (d *Directory) Hashes() int64 { return d.pool.done.Load() }

// PasswordFault says why a person with that username and name may not choose the password.
func PasswordFault(password, username, name string) string {
	return passwordFault(password, account{Username: username, Name: name})
}

// CodeOf is the badge code of these random bytes.
func CodeOf(random []byte) string { return badgeCode.code(random) }

// ParseBadge reads a badge's code.
func ParseBadge(raw string) (string, error) { return badgeCode.parse(raw) }
