package dev.copperplate.backup.repository;

import java.security.PublicKey;
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
      if (!each.getAlgorithm().equals("Ed25519") && !each.getAlgorithm().equals("EdDSA")) {
        throw new IllegalArgumentException(
            "Receipts are signed with Ed25519: " + each.getAlgorithm());
      }
    }
  }
}
