"""Papers that the office hands on: figures in, sentences with what stands behind them, a file out."""
