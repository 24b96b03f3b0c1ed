package scenario

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Values are written as people would type them, or as a template:
//
//	now, now-36m, now+44h    a point in time, relative to the moment of entry (m, h)
//	today, today-12d         a date at the plant
//	auto                     what the system or the label says (subject number, DIN), or a made-up code
//	lot:heparin              the lot of the material that stands ready at the plant
//	device:centrifuge        the device of the kind
var (
	momentForm = regexp.MustCompile(`^now(?:([+-][0-9]{1,6})([mh]))?$`)
	dayForm    = regexp.MustCompile(`^today(?:([+-][0-9]{1,6})d)?$`)
	floorForm  = regexp.MustCompile(`^(lot|device):([a-z0-9]+(?:-[a-z0-9]+)*)$`)
)

const auto = "auto"

// checkValue finds what looks like a template but is none.
func checkValue(value string) error {
	for _, word := range []string{"lot:", "device:"} {
		if strings.HasPrefix(value, word) && !floorForm.MatchString(value) {
			return fmt.Errorf("%q is no template: write lot:heparin or device:centrifuge", value)
		}
	}
	for _, word := range []string{"now", "today", auto} {
		if !strings.HasPrefix(value, word) || value == auto || momentForm.MatchString(value) || dayForm.MatchString(value) {
			continue
		}
		rest := value[len(word):]
		if rest[0] == '+' || rest[0] == '-' {
			return fmt.Errorf("%q is no template: write now-36m, now+44h or today-12d", value)
		}
	}
	return nil
}

// expand fills a template at a moment; other values stay as they are.
func expand(value string, now time.Time, zone *time.Location) (string, error) {
	if m := momentForm.FindStringSubmatch(value); m != nil {
		if m[1] != "" {
			d, err := time.ParseDuration(m[1] + m[2])
			if err != nil {
				return "", fmt.Errorf("value %q: %w", value, err)
			}
			now = now.Add(d)
		}
		return now.UTC().Format(time.RFC3339), nil
	}
	if m := dayForm.FindStringSubmatch(value); m != nil {
		days := 0
		if m[1] != "" {
			var err error
			days, err = strconv.Atoi(m[1])
			if err != nil {
				return "", fmt.Errorf("value %q: %w", value, err)
			}
		}
		return now.In(zone).AddDate(0, 0, days).Format(time.DateOnly), nil
	}
	return value, nil
}

// value fills a template with what the plant has, with the moment, or with something made up.
func (p *play) value(value string) (string, error) {
	if value == auto {
		return newCode("X")
	}
	m := floorForm.FindStringSubmatch(value)
	if m == nil {
		return expand(value, p.stage.Clock(), p.zone)
	}
	ready := map[string]map[string]string{"lot": p.floor.lots, "device": p.floor.devices}[m[1]]
	found, ok := ready[m[2]]
	if !ok {
		return "", fmt.Errorf("value %q: the recipe asks for no such %s", value, m[1])
	}
	return found, nil
}

// letters leave out what is mistaken for something else when read aloud.
const letters = "abcdefghjkmnpqrstuvwxyz23456789"

// random is n random letters and digits.
func random(n int) (string, error) {
	out := make([]byte, n)
	for i := range out {
		k, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			return "", err
		}
		out[i] = letters[k.Int64()]
	}
	return string(out), nil
}

// newPassword is a random password of four groups: about 99 bits, and it can be copied by hand.
func newPassword() (string, error) {
	s, err := random(20)
	if err != nil {
		return "", fmt.Errorf("make a password: %w", err)
	}
	return strings.Join([]string{s[:5], s[5:10], s[10:15], s[15:]}, "-"), nil
}

// newCode is a made-up code with a prefix, e.g. a trial subject number.
func newCode(prefix string) (string, error) {
	s, err := random(6)
	if err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return prefix + "-" + strings.ToUpper(s), nil
}
