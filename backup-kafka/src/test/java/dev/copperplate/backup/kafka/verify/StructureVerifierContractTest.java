package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.kafka.KafkaVerifiers;

class StructureVerifierContractTest extends KafkaVerifierContract {

  @Override
  protected Verifier verifier() {
    return KafkaVerifiers.structure();
  }
}
