"""Base spiders by the shape of a source: article_list, message_board, json_api."""
