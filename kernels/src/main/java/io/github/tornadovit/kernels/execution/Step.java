package io.github.tornadovit.kernels.execution;

/**
 * An operation prepared for one plan: its buffers found, its weights in the layout that it wants.
 */
@FunctionalInterface
public interface Step {

  /**
   * Executes the operation on the first images of its buffers.
   *
   * @param batch number of images, from 1 to the batch that the buffers were made for
   */
  void run(int batch);
}
