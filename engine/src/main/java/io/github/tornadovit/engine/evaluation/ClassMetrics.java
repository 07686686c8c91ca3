package io.github.tornadovit.engine.evaluation;

/**
 * Precision, recall and F1 of one class. A ratio of nothing to nothing is 0, as in scikit-learn.
 *
 * @param id class id
 * @param label class name
 * @param precision of the images taken for this class, the share that shows it
 * @param recall of the images that show this class, the share taken for it
 * @param f1 harmonic mean of precision and recall
 * @param support images that show this class
 */
public record ClassMetrics(
    int id, String label, double precision, double recall, double f1, int support) {}
