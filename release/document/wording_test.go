package document_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rexbatch/internal/paper"
	"rexbatch/templates"

	"github.com/stretchr/testify/require"
)

func wording(t *testing.T, language string) map[string]string {
	t.Helper()
	raw, err := templates.Certificate.ReadFile("certificate/" + language + ".json")
	require.NoError(t, err)
	words := map[string]string{}
	require.NoError(t, json.Unmarshal(raw, &words))
	return words
}

// TestWordingIsComplete: all keys in all languages, no empty text, the same placeholders, printable.
func TestWordingIsComplete(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	english := wording(t, "en")
	require.NotEmpty(t, english)
	for _, language := range []string{"en", "es", "de"} {
		words := wording(t, language)
		require.Len(t, words, len(english), language)
		for key, text := range english {
			got, ok := words[key]
			require.True(t, ok, "%s has no %s", language, key)
			require.Equal(t, strings.TrimSpace(got), got, "%s %s", language, key)
			require.NotEmpty(t, got, "%s %s", language, key)
			require.NoError(t, paper.Printable(got), "%s %s", language, key)
			want, have := placeholder.FindAllString(text, -1), placeholder.FindAllString(got, -1)
			slices.Sort(want)
			slices.Sort(have)
			require.Equal(t, want, have, "%s %s", language, key)
		}
	}
}

// TestWordingIsUsed finds texts that no certificate can print: a dead text would never be checked again.
func TestWordingIsUsed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var source strings.Builder
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			source.Write(content)
		}
	}
	composed := []string{"stage.1", "stage.2", "stage.short.1", "stage.short.2", "item.13.stage-1", "item.13.stage-2"}
	for key := range wording(t, "en") {
		name := key
		for _, prefix := range []string{"role.", "class.", "task.", "evaluation."} {
			name = strings.TrimPrefix(name, prefix) // composed from the value of a constant
		}
		if !slices.Contains(composed, key) {
			require.True(t, strings.Contains(source.String(), `"`+name+`"`) || strings.Contains(source.String(), `"`+key+`"`), key)
		}
	}
}

// TestWordingUsesTheTermsOfTheField pins the terms of requirements 8.2 that quality assurance approved.
func TestWordingUsesTheTermsOfTheField(t *testing.T) {
	for key, want := range map[string][3]string{
		"role.qualified-person":           {"Qualified Person", "Persona cualificada / director técnico", "Sachkundige Person"},
		"role.head-of-production":         {"Head of Production", "Responsable de producción", "Leitung der Herstellung"},
		"role.head-of-quality-control":    {"Head of Quality Control", "Responsable de control de calidad", "Leitung der Qualitätskontrolle"},
		"item.12":                         {"Certification statement", "Declaración de certificación", "Zertifizierungserklärung"},
		"additional":                      {"Additional information", "Información adicional", "Zusätzliche Angaben"},
		"additional.supersedes":           {"Supersedes certificate no.", "Sustituye al certificado n.º", "Ersetzt Zertifikat Nr."},
		"use.autologous":                  {"For autologous use only", "Solo para uso autólogo", "Nur zur autologen Verwendung"},
		"pending":                         {"Test results pending", "Resultados pendientes", "Ausstehende Prüfergebnisse"},
		"evaluation.out-of-specification": {"out of specification", "fuera de especificación", "außerhalb der Spezifikation"},
	} {
		for i, language := range []string{"en", "es", "de"} {
			require.Equal(t, want[i], wording(t, language)[key], "%s %s", language, key)
		}
	}
}
