package dev.copperplate.backup.repository;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECKey;
import java.security.spec.NamedParameterSpec;
import java.util.List;
import java.util.Optional;

/**
 * Whose receipts count as proof.
 *
 * @param signer signs the receipts that this process writes; empty for processes that only write
 *     backups
 * @param trusted Ed25519 keys; a receipt counts if one of them verifies its signature. Without any,
 *     every sealed receipt counts, and whoever can write backups can forge a proof
 */
public record ReceiptKeys(Optional<ReceiptSigner> signer, List<PublicKey> trusted) {

  /** Receipts are not signed, and each counts that was sealed with the repository's key. */
  public static final ReceiptKeys NONE = new ReceiptKeys(Optional.empty(), List.of());

  public ReceiptKeys {
    trusted = List.copyOf(trusted);
    for (PublicKey each : trusted) {
      if (!isEd25519(each)) {
        throw new IllegalArgumentException(
            "Receipts are signed with Ed25519: " + each.getAlgorithm());
      }
    }
  }

  /** The JDK says EdDSA of its keys, and the curve beside it. */
  private static boolean isEd25519(PublicKey key) {
    return key instanceof EdECKey edwards
        ? edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName())
        : key.getAlgorithm().equals(NamedParameterSpec.ED25519.getName());
  }

  /** Whether one of the trusted keys signed these bytes. */
  boolean signed(byte[] statement, byte[] signature) {
    return trusted.stream().anyMatch(each -> verifies(each, statement, signature));
  }

  private static boolean verifies(PublicKey key, byte[] statement, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(NamedParameterSpec.ED25519.getName());
      verifier.initVerify(key);
      verifier.update(statement);
      return verifier.verify(signature);
    } catch (GeneralSecurityException notOne) {
      return false; // what is no signature at all proves nothing either
    }
  }
}
