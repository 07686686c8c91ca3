package uk.ac.manchester.tornado.api;

/** A grid of dimension 2, given by its global size. */
public class WorkerGrid2D extends AbstractWorkerGrid {
  public WorkerGrid2D(int x, int y) {
    super(x, y, 1);
  }

  @Override
  public int dimension() {
    return 2;
  }
}
