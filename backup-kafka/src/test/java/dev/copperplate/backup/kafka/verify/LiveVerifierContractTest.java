package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.kafka.KafkaVerifiers;

class LiveVerifierContractTest extends KafkaVerifierContract {

  @Override
  protected Verifier verifier() {
    return KafkaVerifiers.live(cluster());
  }
}
