package batch

import (
	"fmt"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
)

// batchNumber is prefix, year, sequence and a check character (mod 37-2): generated, never typed (AT-2).
func batchNumber(prefix string, year int, n uint64) (string, error) {
	body := fmt.Sprintf("%s%02d%05d", prefix, year, n)
	check, err := isbt128.CheckCharacter(body)
	if err != nil {
		return "", fmt.Errorf("batch number: %w", err)
	}
	return body + string(check), nil
}

// NumberParts are the pieces of a batch number; what each stands for is the plant's, and none tells the trial arm (AT-2).
type NumberParts struct {
	Prefix, Year, Sequence string
	Holds                  bool // the check character fits
}

// ReadNumber takes a batch number apart: "SVQ2600001X". A refusal when it is not built like one; whether its check character
// fits is in Holds, so that a mistyped number is known for what it is.
func ReadNumber(text string) (NumberParts, error) {
	digits := len(text) - 8 // before them the prefix, behind them the check character
	ok := digits >= 1 && digits <= 6
	for i := 0; ok && i < len(text)-1; i++ {
		isDigit := text[i] >= '0' && text[i] <= '9'
		ok = isDigit == (i >= digits) && (isDigit || text[i] >= 'A' && text[i] <= 'Z')
	}
	if !ok {
		return NumberParts{}, ledger.Refuse(ledger.Invalid, "AT-2", "batch-number", "this is not the number of a batch: prefix, year, sequence, check character", "type it as printed, e.g. SVQ2600001 and the character behind it")
	}
	check, err := isbt128.CheckCharacter(text[:len(text)-1])
	if err != nil {
		return NumberParts{}, err
	}
	return NumberParts{text[:digits], text[digits : digits+2], text[digits+2 : digits+7], text[len(text)-1] == check}, nil
}
