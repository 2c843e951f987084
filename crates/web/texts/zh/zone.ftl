# zone
