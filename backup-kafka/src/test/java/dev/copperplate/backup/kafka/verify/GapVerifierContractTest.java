package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.kafka.KafkaVerifiers;

class GapVerifierContractTest extends KafkaVerifierContract {

  @Override
  protected Verifier verifier() {
    return KafkaVerifiers.gaps(cluster());
  }
}
