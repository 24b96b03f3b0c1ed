// Package fhir says the final product of a batch in HL7 FHIR R5: a bundle with the marrow and each final container as a
// BiologicallyDerivedProduct, and with what became of each container as a BiologicallyDerivedProductDispense.
//
// It is a mapping and a strict reader of what it writes, nothing else. The patient is named by the Chain of Identity alone: a
// logical reference, no Patient resource (I12). Values that could tell the arm (cell counts, viability, volumes) are not in it (I11);
// they stand in the certificate.
package fhir
