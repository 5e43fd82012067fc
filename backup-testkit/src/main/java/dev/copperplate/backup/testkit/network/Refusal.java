package dev.copperplate.backup.testkit.network;

/** Nobody is let in. */
record Refusal() implements NetworkFault {

  @Override
  public boolean refuses() {
    return true;
  }
}
