package io.github.tornadovit.engine.service;

import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.image.RgbImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.IntPredicate;

/**
 * A model whose images are numbers and whose answers are the same numbers. The file or name {@code
 * "7"} is image 7; another is unreadable.
 */
final class FakeWork implements BatchWork<Integer> {
  /** Every batch that was begun, in order. */
  final List<List<Integer>> batches = new CopyOnWriteArrayList<>();

  /** One permit for each batch that may run; a gate that tests open. */
  final Semaphore gate;

  /** Images with which a batch fails. */
  volatile IntPredicate poison = image -> false;

  private final int maxBatch;

  /** Batches run without a gate. */
  FakeWork(int maxBatch) {
    this(maxBatch, Integer.MAX_VALUE / 2);
  }

  FakeWork(int maxBatch, int permits) {
    this.maxBatch = maxBatch;
    gate = new Semaphore(permits);
  }

  static RgbImage image(int number) {
    return RgbImage.of(
        1, 1, new byte[] {(byte) (number >> 16), (byte) (number >> 8), (byte) number});
  }

  @Override
  public int maxBatch() {
    return maxBatch;
  }

  @Override
  public Pixels pixels(Path image) {
    return pixels(new byte[0], image.toString());
  }

  @Override
  public Pixels pixels(byte[] encoded, String name) {
    if (!name.matches("[0-9]+")) {
      throw new ImageException(name, "is no number");
    }
    return pixels(image(Integer.parseInt(name)));
  }

  @Override
  public Pixels pixels(RgbImage image) {
    byte[] rgb = image.toByteArray();
    float number = ((rgb[0] & 0xFF) << 16) | ((rgb[1] & 0xFF) << 8) | (rgb[2] & 0xFF);
    return Pixels.of(1, 1, 1, 2, new float[] {number, -1});
  }

  @Override
  public List<Integer> run(Pixels pixels) {
    float[] values = pixels.toArray();
    List<Integer> batch = new ArrayList<>();
    for (int i = 0; i < pixels.images(); i++) {
      batch.add((int) values[2 * i]);
    }
    batches.add(batch);
    gate.acquireUninterruptibly();
    if (batch.stream().anyMatch(poison::test)) {
      throw new IllegalStateException("poisoned");
    }
    return batch;
  }

  @Override
  public void warmUp(int images) {
    run(Pixels.of(images, 1, 1, 2, new float[2 * images]));
  }
}
