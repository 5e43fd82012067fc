package dev.copperplate.backup.testkit.network;

/** One bit that arrives wrong. */
record BitFlip(Direction direction, long bit) implements NetworkFault {

  BitFlip {
    if (bit < 0) {
      throw new IllegalArgumentException("Bits are counted from 0: " + bit);
    }
  }

  @Override
  public void before(Piece piece) {
    if (piece.direction() == direction) {
      piece.flip(bit);
    }
  }
}
